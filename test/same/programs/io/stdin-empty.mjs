// same: needs=main,file
let text = ''; for await (const chunk of process.stdin) text += chunk; console.log('read', text.length, process.stdin.isTTY, process.stdout.isTTY);
