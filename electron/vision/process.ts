import { loadModels } from './load-models.ts';
import { openVisionPort } from './port.ts';
import { serveVision } from './serve.ts';

// Entry of a vision process. It lives as long as the line to its supervisor.
serveVision(openVisionPort(), loadModels, () => process.exit(0));

// Ctrl+C in a terminal reaches every process of the group: the engine ends this one when it is done.
process.on('SIGINT', () => undefined);
