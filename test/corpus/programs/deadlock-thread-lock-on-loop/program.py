"""Two services share an account, each under a lock for threads."""
import asyncio
import threading

account_lock = threading.Lock()
balance = [100]


async def withdraw(amount):
    account_lock.acquire()
    try:
        left = balance[0] - amount
        await asyncio.sleep(0.02)
        balance[0] = left
    finally:
        account_lock.release()


async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(withdraw(10))
        group.create_task(withdraw(20))
    print(balance)


asyncio.run(main())
