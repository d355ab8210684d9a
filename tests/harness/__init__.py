"""What tests share: people, videos, poses, servers. Nothing here is a test, and nothing of it ships."""
