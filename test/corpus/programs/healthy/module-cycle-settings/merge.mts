const defaults: Record<string, number> = { port: 80 };
export const merged = (own: Record<string, number>) => ({ ...defaults, ...own });
