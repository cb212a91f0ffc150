"""What befalls services while they work: killed, stopped in order, frozen for a while, several at once. From a seed."""

import collections
import random
import signal
import time


class Faults:
    """Strikes the services that run; after each stroke all of them run again."""

    _KINDS = {"kill": 5, "stop": 2, "freeze": 2, "several": 1}

    def __init__(self, deployment, seed):
        self._deployment, self._random = deployment, random.Random(seed)
        self.made = collections.Counter()

    def strike(self):
        kind = self._random.choices(list(self._KINDS), self._KINDS.values())[0]
        names = self._random.sample(sorted(self._deployment.running), len(self._deployment.running))
        getattr(self, f"_{kind}")(names)
        self.made[kind] += 1
        # Long enough that most are hit at work, short enough that some are hit while they start.
        time.sleep(self._random.random())

    def _kill(self, names):
        self._deployment.kill(names[0])
        self._deployment.start(names[0])

    def _stop(self, names):
        process = self._deployment.running.pop(names[0])
        process.terminate()
        # One that has only begun to start does not yet listen to that: it is gone, as if killed.
        code = process.wait(60)
        assert code in (0, -signal.SIGTERM), f"{names[0]} ended with {code}: {self._deployment.log(names[0])[-2000:]}"
        self._deployment.start(names[0])

    def _freeze(self, names):
        process = self._deployment.running[names[0]]
        process.send_signal(signal.SIGSTOP)
        time.sleep(4 * self._random.random())
        process.send_signal(signal.SIGCONT)

    def _several(self, names):
        """Ends two or more, one after the other, and starts them in another order."""
        struck = names[:self._random.randrange(2, 5)]
        for name in struck:
            self._deployment.kill(name)
            time.sleep(self._random.random() / 4)
        for name in self._random.sample(struck, len(struck)):
            self._deployment.start(name)
            time.sleep(self._random.random() / 4)
