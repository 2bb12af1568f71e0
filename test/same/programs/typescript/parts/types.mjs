console.log('a file of types was loaded');
