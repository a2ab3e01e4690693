"""The parts of `package.py`: what a package of one platform is made of, and what is made of packages."""
