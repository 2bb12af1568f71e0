// same: ends=11
try { await Promise.reject(new Error('x')); } catch { process.exitCode = 10; } finally { process.exitCode++; }
