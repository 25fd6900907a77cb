<<<<<<< HEAD
//! Tests of the whole, through what the library exports.

mod formats;
=======
//! The tests of the whole: one binary, one file for each concern.

mod wire;
>>>>>>> emulator
