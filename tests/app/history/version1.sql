-- The history as the first version of its tables left it (PRAGMA user_version 1).
BEGIN TRANSACTION;
CREATE TABLE chat (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            film INTEGER NOT NULL REFERENCES film (id) ON DELETE CASCADE,
            begun REAL NOT NULL,
            looked_at REAL NOT NULL
        ) STRICT;
INSERT INTO "chat" VALUES(1,'first',1,1.0,2.0);
CREATE TABLE exchange (
            id INTEGER PRIMARY KEY AUTOINCREMENT,  -- in the order in which they were asked
            key TEXT NOT NULL UNIQUE,
            chat INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
            question TEXT NOT NULL,
            outcome TEXT NOT NULL,
            text TEXT NOT NULL,
            body TEXT NOT NULL              -- app.conversation.Exchange, as JSON of engine.record_archive
        ) STRICT;
INSERT INTO "exchange" VALUES(1,'a',1,'When?','answered','At 3.0 seconds.','{"number":1,"question":"When?","outcome":"answered","text":"At 3.0 seconds.","answer":{"question":"When?","text":"At 3.0 seconds.","video":{"piece":"d14cdab25242254e17023549a096c56c"},"model":{"piece":"0bdf5fb30fec274886013373339fb0bd"},"segments":{"piece":"4702aa251f192296e888fb661c041cea"},"scores":[0.8444218515250481,0.7579544029403025,0.420571580830845,0.25891675029296335],"allocation":{"shares":[4,5,6,7],"limit":8192,"k_min":4,"k_max":128},"citations":{"names":["start_seconds","end_seconds","segments","quote","supported","quote_starts"],"rows":[[2.5,3.5,[0],"3.0 seconds",true,[3]]]},"evidence":{"names":["start_seconds","end_seconds","segments","quote","supported","quote_starts"],"rows":[[2.5,9.5,[0,1],"",true,[]]]},"frames_sampled":32,"sample_fps":2.0,"seconds":{"read":0.1,"index":0.2,"compress":0.3,"first_score":0.4,"first_token":0.5,"total":0.6},"notes":["A note."]},"message":"","advice":"","lighter_frames":0,"notes":[],"seconds":0.0,"asked_at":0.0,"temperature":0.0,"seed":0,"earlier":[]}');
INSERT INTO "exchange" VALUES(2,'b',1,'Über?','failed','','{"number":2,"question":"\u00dcber?","outcome":"failed","text":"","answer":null,"message":"No memory left.","advice":"","lighter_frames":0,"notes":[],"seconds":0.0,"asked_at":0.0,"temperature":0.0,"seed":0,"earlier":[]}');
INSERT INTO "exchange" VALUES(3,'c',1,'Who?','running','The red','{"number":3,"question":"Who?","outcome":"running","text":"The red","answer":null,"message":"","advice":"","lighter_frames":0,"notes":[],"seconds":0.0,"asked_at":0.0,"temperature":0.0,"seed":0,"earlier":[]}');
CREATE TABLE film (
            id INTEGER PRIMARY KEY,
            content TEXT NOT NULL UNIQUE,   -- engine.fingerprint.content_hash
            path TEXT NOT NULL,             -- where it was opened last, as JSON: names of files need not be Unicode
            video TEXT NOT NULL,            -- engine.records.VideoInfo, as JSON
            opened REAL NOT NULL,           -- when
            seconds REAL NOT NULL DEFAULT 0,  -- where it stood
            listed INTEGER NOT NULL DEFAULT 1,  -- among the recent films
            picture BLOB,                   -- JPEG
            earlier INTEGER REFERENCES film (id) ON DELETE SET NULL  -- what lay at this path before the file changed
        ) STRICT;
INSERT INTO "film" VALUES(1,'A','"/films/holiday.mp4"','{"path":"/films/holiday.mp4","duration_seconds":900.0,"frame_count":9000,"frame_rate":10.0,"width":64,"height":48,"rotation_degrees":0,"start_seconds":0.0,"codec":"h264","variable_rate":false,"has_audio":true,"notes":[]}',1.0,12.25,0,X'612070696374757265',NULL);
INSERT INTO "film" VALUES(2,'B','"/films/holiday.mp4"','{"path":"/films/holiday.mp4","duration_seconds":900.0,"frame_count":9000,"frame_rate":10.0,"width":64,"height":48,"rotation_degrees":0,"start_seconds":0.0,"codec":"h264","variable_rate":false,"has_audio":true,"notes":[]}',3.0,0.0,1,NULL,1);
CREATE TABLE piece (               -- what several bodies share
            name TEXT PRIMARY KEY,
            body TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
INSERT INTO "piece" VALUES('0bdf5fb30fec274886013373339fb0bd','{"name":"nano","device":"cpu","precision":"fp32","parameters":6400000,"bundled":true,"knows":["thing 0","thing 1","thing 2","thing 3","thing 4","thing 5","thing 6","thing 7","thing 8","thing 9","thing 10","thing 11","thing 12","thing 13","thing 14","thing 15","thing 16","thing 17","thing 18","thing 19","thing 20","thing 21","thing 22","thing 23","thing 24","thing 25","thing 26","thing 27","thing 28","thing 29","thing 30","thing 31","thing 32","thing 33","thing 34","thing 35","thing 36","thing 37","thing 38","thing 39","thing 40","thing 41","thing 42","thing 43","thing 44","thing 45","thing 46","thing 47","thing 48","thing 49","thing 50","thing 51","thing 52","thing 53","thing 54","thing 55","thing 56","thing 57","thing 58","thing 59","thing 60","thing 61","thing 62","thing 63","thing 64","thing 65","thing 66","thing 67","thing 68","thing 69","thing 70","thing 71","thing 72","thing 73","thing 74","thing 75","thing 76","thing 77","thing 78","thing 79","thing 80","thing 81","thing 82","thing 83","thing 84","thing 85","thing 86","thing 87","thing 88","thing 89","thing 90","thing 91","thing 92","thing 93","thing 94","thing 95","thing 96","thing 97","thing 98","thing 99","thing 100","thing 101","thing 102","thing 103","thing 104","thing 105","thing 106","thing 107","thing 108","thing 109","thing 110","thing 111","thing 112","thing 113","thing 114","thing 115","thing 116","thing 117","thing 118","thing 119"],"reasons":[],"sample_fps":0.0,"max_frames":0,"frames_per_segment":0,"budget":0,"context_limit":0}');
INSERT INTO "piece" VALUES('4702aa251f192296e888fb661c041cea','{"names":["index","start_seconds","end_seconds","centre_seconds","frame_seconds"],"rows":[[0,0.0,225.0,112.5,[0.0,28.125,56.25,84.375,112.5,140.625,168.75,196.875]],[1,225.0,450.0,337.5,[225.0,253.125,281.25,309.375,337.5,365.625,393.75,421.875]],[2,450.0,675.0,562.5,[450.0,478.125,506.25,534.375,562.5,590.625,618.75,646.875]],[3,675.0,900.0,787.5,[675.0,703.125,731.25,759.375,787.5,815.625,843.75,871.875]]]}');
INSERT INTO "piece" VALUES('d14cdab25242254e17023549a096c56c','{"path":"/films/holiday.mp4","duration_seconds":900.0,"frame_count":9000,"frame_rate":10.0,"width":64,"height":48,"rotation_degrees":0,"start_seconds":0.0,"codec":"h264","variable_rate":false,"has_audio":true,"notes":[]}');
CREATE TABLE uses (
            exchange INTEGER NOT NULL REFERENCES exchange (id) ON DELETE CASCADE,
            piece TEXT NOT NULL REFERENCES piece (name),
            PRIMARY KEY (exchange, piece)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "uses" VALUES(1,'0bdf5fb30fec274886013373339fb0bd');
INSERT INTO "uses" VALUES(1,'4702aa251f192296e888fb661c041cea');
INSERT INTO "uses" VALUES(1,'d14cdab25242254e17023549a096c56c');
CREATE INDEX film_path ON film (path);
CREATE INDEX chat_film ON chat (film);
CREATE INDEX exchange_chat ON exchange (chat);
CREATE INDEX uses_piece ON uses (piece);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('exchange',3);
COMMIT;
PRAGMA user_version = 1;
