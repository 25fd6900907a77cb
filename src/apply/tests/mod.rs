mod journal;
mod token;
