export const x = await await;
