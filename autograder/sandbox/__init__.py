"""The process side of the trust line: a warmed parent (the zygote), and locked forks of it that run student code."""
