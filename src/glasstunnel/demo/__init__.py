"""The main job on real and on simulated input: measured files in, a report with fitted parameters out."""

from glasstunnel.demo.run import run_demo

__all__ = ["run_demo"]
