export const fromIndex: string = 'index';
