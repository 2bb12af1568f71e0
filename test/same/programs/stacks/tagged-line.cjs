async function f(x){await x;return x}async function g(){return await f(1)+await f(2)}g().then(v=>{console.log(v);throw new Error('one line')}).catch(e=>console.log(e.stack))
