export const hello = 'hallo';
