async function* pages<T>(all: T[][]): AsyncGenerator<T[], number, undefined> { for (const page of all) { await null; yield page; } return all.length; }
(async (): Promise<void> => { for await (const page of pages<number>([[1], [2, 3]])) console.log(page); const it: AsyncIterator<string> = pages([['x']])[Symbol.asyncIterator]() as any; console.log(await it.next(), await it.next()); })();
