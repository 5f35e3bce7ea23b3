"""Prints the table: each call of each connector × each fault, and what becomes of the row."""

from tests.connectors.faults.table import BUT, STATES, printed

if __name__ == "__main__":
    print("\n".join(printed()))
    print()
    for state, words in STATES.items():
        print(f"- **{state}**: {words}")
    print()
    for (road, call, fault), (state, why) in BUT.items():
        print(f"- {road}, `{call}`, {fault}: {state}, for {why}")
