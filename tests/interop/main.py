"""The vectors against a stock Biscuit library: biscuit-python."""

import sys

import decide
import facts_test
import write


def main():
    wrong = facts_test.check() + decide.check() + write.check()
    for line in wrong:
        print(f"WRONG {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
