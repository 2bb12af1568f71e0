export type Kind = string;
export async function load(kind: Kind): Promise<string> { return `typed ${await kind}`; }
