// same: node=24
(async () => { using a = { [Symbol.dispose]() { console.log('disposed'); } } as Disposable; await null; console.log('body', typeof a); })();
