"""From a query to an answer: encode, find candidates, calibrate, fuse, group, page."""
