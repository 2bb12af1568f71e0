export const more = async (): Promise<string> => 'more';
