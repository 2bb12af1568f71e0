const greet = async (name: string): Promise<string> => { await null; return `hello, ${name}`; };
greet('world').then((text: string) => console.log(text));
