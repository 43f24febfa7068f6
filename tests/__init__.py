"""Tests of fupin_sim; a package, so that helpers are found before any other package called tests."""
