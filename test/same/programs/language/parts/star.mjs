export async function* starred() { yield await 1; } export default class { async m() { await null; } }
