"""The version of the package, which its root hands out."""

__version__ = "0.1.0"
