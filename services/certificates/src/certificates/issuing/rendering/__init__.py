"""Rendering (制作证书): what a certificate looks like, and whether it can be shown."""
