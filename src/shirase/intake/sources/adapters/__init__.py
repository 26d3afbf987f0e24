"""The adapters that come with Shirase: every module here has one as ``ADAPTER``; ``registry`` finds them by looking."""
