export const hello = 'salut';
