-- A bank may decide for the shop after all.
INSERT INTO state_transitions (machine, from_state, to_state) VALUES ('dispute', 'lost', 'won');
