# nothing but
// comments
/* over
      several lines */
