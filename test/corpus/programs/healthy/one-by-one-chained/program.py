"""Each step needs the one before."""
import time
from concurrent.futures import ThreadPoolExecutor
def step(state, n):
    time.sleep(0.06)
    return state + n
with ThreadPoolExecutor(4) as pool:
    state = 0
    for n in range(10):
        state = pool.submit(step, state, n).result()
print(state)
