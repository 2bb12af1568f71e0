export async function f() { await 1; }
let if = 3;
