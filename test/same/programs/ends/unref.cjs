const timer = setTimeout(() => console.log('never'), 60_000); timer.unref();
(async () => { await null; console.log(timer.hasRef()); setInterval(() => console.log('never'), 60_000).unref(); })();
