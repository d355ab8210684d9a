"""What tests share: people, videos, poses, servers, a seat at a browser. No test is here, and nothing of it ships.

The figures of ``imigue_core/bench`` use it too, which is why they run from a checkout only.
"""
