import asyncio


async def mail(person):
    await asyncio.sleep(0.3)
    print("mailed", person)


async def order(person):
    asyncio.create_task(mail(person))
    await asyncio.sleep(0.01)
    return f"order of {person}"


async def main():
    print(await asyncio.gather(order("ada"), order("bob")))


asyncio.run(main())
