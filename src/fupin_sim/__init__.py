"""A laboratory for poverty dynamics and policy design (扶贫仿真)."""

__version__ = "0.1.0"
