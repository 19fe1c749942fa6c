import gateway from 'express-gateway';

gateway().load(process.env.EG_CONFIG_DIR).run();
