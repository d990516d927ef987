// Takes its place soon.
