"""The family of a household: who sits at its table, from birth to death, so that a dynasty never ends."""
