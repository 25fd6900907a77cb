//! The client, alone: vectors, scripts of answers, tables.
