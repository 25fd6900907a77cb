//! What an interrupted run left open is settled: many operations side by side, and by the provider that leads
//! where they were begun.

mod side_by_side;
mod whose;
