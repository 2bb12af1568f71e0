export const value = 1; export async function later() { await null; } export default class { async m() { await 1; } }
