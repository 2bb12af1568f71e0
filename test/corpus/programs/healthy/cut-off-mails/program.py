import asyncio

mails = set()


async def mail(person):
    await asyncio.sleep(0.3)
    print("mailed", person)


async def heartbeat():
    while True:
        await asyncio.sleep(0.05)


async def order(person):
    mails.add(asyncio.create_task(mail(person)))
    await asyncio.sleep(0.01)
    return f"order of {person}"


async def main():
    asyncio.create_task(heartbeat())
    print(await asyncio.gather(order("ada"), order("bob")))
    await asyncio.wait(mails)


asyncio.run(main())
