const Symbol = 5;
async function* g() { yield await Symbol; }
for await (const x of g()) console.log(x);
