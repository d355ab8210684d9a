PRAGMA application_id=1229801301;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE annotation (
	annotation_id VARCHAR(36) NOT NULL, 
	video_id INTEGER NOT NULL, 
	annotator_id INTEGER NOT NULL, 
	label_id INTEGER NOT NULL, 
	class_id INTEGER NOT NULL, 
	start_frame INTEGER NOT NULL, 
	end_frame INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	deleted BOOLEAN NOT NULL, 
	confidence DOUBLE, 
	mark VARCHAR NOT NULL, 
	note_hash VARCHAR(64), 
	start_time VARCHAR, 
	end_time VARCHAR, 
	CONSTRAINT pk_annotation PRIMARY KEY (annotation_id), 
	CONSTRAINT fk_annotation_annotator_id FOREIGN KEY(annotator_id) REFERENCES annotator (annotator_id), 
	CONSTRAINT fk_annotation_video_id FOREIGN KEY(video_id) REFERENCES video (video_id), 
	CONSTRAINT uq_annotation_video_id_annotator_id_label_id UNIQUE (video_id, annotator_id, label_id)
);
INSERT INTO "annotation" VALUES('81d9e096-ee8c-4dec-b654-36661cc038c9',1,1,1,5,10,20,4,0,0.25,'','a3a5c7bf59304b6ccc2f8eb94900ae92fa999dcb5b89ca6be53df30fc73dde6a',NULL,NULL);
INSERT INTO "annotation" VALUES('a8dc3813-a2f7-43ce-a60b-32c5a58c867f',1,1,2,7,30,40,2,1,NULL,'',NULL,NULL,NULL);
INSERT INTO "annotation" VALUES('ca38ef3d-f64f-41a2-9683-59efe6075540',1,2,1,31,100,180,1,0,NULL,'',NULL,NULL,NULL);
INSERT INTO "annotation" VALUES('2b5bc822-0271-44c1-98fb-5d1b2d8d5677',2,1,1,29,87,301,1,0,NULL,'',NULL,'3.5','12.0400');
INSERT INTO "annotation" VALUES('2d757fc0-f710-4843-91c7-41f69b586223',2,1,2,99,2,6,1,0,NULL,'',NULL,'0.1','0.25');
INSERT INTO "annotation" VALUES('358556cb-d747-4305-858e-5245ea283a85',3,1,1,8,125,125,1,0,NULL,'',NULL,'5','5.039');
INSERT INTO "annotation" VALUES('c81da27f-6ee0-45ef-9fe6-37f0cde0ff03',3,1,4,8,125,150,1,0,NULL,'',NULL,'5.00000','6');
CREATE TABLE annotator (
	annotator_id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	name_key VARCHAR NOT NULL, 
	created_utc VARCHAR NOT NULL, 
	created_seq INTEGER NOT NULL, 
	CONSTRAINT pk_annotator PRIMARY KEY (annotator_id), 
	CONSTRAINT uq_annotator_name_key UNIQUE (name_key)
);
INSERT INTO "annotator" VALUES(1,'Ann','ann','2026-11-23T03:05:46.022Z',0);
INSERT INTO "annotator" VALUES(2,'Ben','ben','2026-11-23T03:05:46.054Z',8);
CREATE TABLE audit (
	audit_id INTEGER NOT NULL, 
	utc VARCHAR NOT NULL, 
	annotator_id INTEGER, 
	action VARCHAR NOT NULL, 
	target VARCHAR NOT NULL, 
	detail JSON NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (audit_id)
);
INSERT INTO "audit" VALUES(1,'2026-11-23T03:05:46.087Z',1,'labels.import','file','{"format": "imigue", "sha256": "309fa7f2f0281cf9b76226baddc4844e703c01ba09fbaee53ed6996b9592aee1", "n_new": 4, "n_known": 0}');
CREATE TABLE emotion_rating (
	video_id INTEGER NOT NULL, 
	annotator_id INTEGER NOT NULL, 
	emotion VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	deleted BOOLEAN NOT NULL, 
	note_hash VARCHAR(64), 
	CONSTRAINT pk_emotion_rating PRIMARY KEY (video_id, annotator_id), 
	CONSTRAINT fk_emotion_rating_annotator_id FOREIGN KEY(annotator_id) REFERENCES annotator (annotator_id), 
	CONSTRAINT fk_emotion_rating_video_id FOREIGN KEY(video_id) REFERENCES video (video_id)
);
INSERT INTO "emotion_rating" VALUES(1,1,'positive',1,0,'afc0c7bf7542dc6d092c7cf94ef8a800d99977329a4d9111417444c485b0b027');
CREATE TABLE job (
	job_id INTEGER NOT NULL, 
	video_id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	params JSON NOT NULL, 
	progress_done INTEGER NOT NULL, 
	progress_total INTEGER NOT NULL, 
	owner VARCHAR, 
	heartbeat_utc VARCHAR, 
	attempts INTEGER NOT NULL, 
	error_code VARCHAR, 
	error_text VARCHAR, 
	created_utc VARCHAR NOT NULL, 
	started_utc VARCHAR, 
	finished_utc VARCHAR, 
	CONSTRAINT pk_job PRIMARY KEY (job_id), 
	CONSTRAINT fk_job_video_id FOREIGN KEY(video_id) REFERENCES video (video_id)
);
CREATE TABLE ledger (
	ledger_seq INTEGER NOT NULL, 
	edit_id VARCHAR(36) NOT NULL, 
	client VARCHAR(36) NOT NULL, 
	client_seq INTEGER NOT NULL, 
	annotator_id INTEGER NOT NULL, 
	video_id INTEGER, 
	kind VARCHAR NOT NULL, 
	object_id VARCHAR, 
	base_version INTEGER, 
	"before" VARCHAR, 
	"after" VARCHAR, 
	content VARCHAR NOT NULL, 
	provenance VARCHAR NOT NULL, 
	refused VARCHAR, 
	utc VARCHAR NOT NULL, 
	prev_hash VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_ledger PRIMARY KEY (ledger_seq), 
	CONSTRAINT fk_ledger_annotator_id FOREIGN KEY(annotator_id) REFERENCES annotator (annotator_id), 
	CONSTRAINT uq_ledger_client_client_seq UNIQUE (client, client_seq), 
	CONSTRAINT uq_ledger_edit_id UNIQUE (edit_id)
);
INSERT INTO "ledger" VALUES(1,'0e401a17-13eb-4c8f-b119-cf5d353f0a77','743aa13d-b997-47fb-93ea-a9e0090bc929',1,1,1,'create','81d9e096-ee8c-4dec-b654-36661cc038c9',0,NULL,'{"annotation_id":"81d9e096-ee8c-4dec-b654-36661cc038c9","annotator_id":1,"class_id":5,"confidence":null,"deleted":false,"end_frame":20,"end_time":null,"label_id":1,"mark":"","note_hash":null,"start_frame":10,"start_time":null,"video_id":1}','{"class_id":5,"end_frame":20,"start_frame":10}','{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}',NULL,'2026-11-23T03:05:46.029Z','0000000000000000000000000000000000000000000000000000000000000000','cea2aecf8e37af19ab6402f9e2a99c94cf11cb4572fd82682fb742a3e1a60e30');
INSERT INTO "ledger" VALUES(2,'2c68d838-de29-4323-a38a-e15a18a7abf9','743aa13d-b997-47fb-93ea-a9e0090bc929',2,1,1,'create','a8dc3813-a2f7-43ce-a60b-32c5a58c867f',0,NULL,'{"annotation_id":"a8dc3813-a2f7-43ce-a60b-32c5a58c867f","annotator_id":1,"class_id":7,"confidence":null,"deleted":false,"end_frame":40,"end_time":null,"label_id":2,"mark":"","note_hash":null,"start_frame":30,"start_time":null,"video_id":1}','{"class_id":7,"end_frame":40,"start_frame":30}','{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}',NULL,'2026-11-23T03:05:46.034Z','cea2aecf8e37af19ab6402f9e2a99c94cf11cb4572fd82682fb742a3e1a60e30','1f60b415cd7bacf31fddeb0ff0f7f0b2ce2d93e44ee893377cacae96739a6e95');
INSERT INTO "ledger" VALUES(3,'6ff4ce77-86dd-49fb-bae5-28e5ff0dfe14','743aa13d-b997-47fb-93ea-a9e0090bc929',3,1,1,'annotate','81d9e096-ee8c-4dec-b654-36661cc038c9',1,'{"annotation_id":"81d9e096-ee8c-4dec-b654-36661cc038c9","annotator_id":1,"class_id":5,"confidence":null,"deleted":false,"end_frame":20,"end_time":null,"label_id":1,"mark":"","note_hash":null,"start_frame":10,"start_time":null,"video_id":1}','{"annotation_id":"81d9e096-ee8c-4dec-b654-36661cc038c9","annotator_id":1,"class_id":5,"confidence":0.25,"deleted":false,"end_frame":20,"end_time":null,"label_id":1,"mark":"","note_hash":"a3a5c7bf59304b6ccc2f8eb94900ae92fa999dcb5b89ca6be53df30fc73dde6a","start_frame":10,"start_time":null,"video_id":1}','{"confidence":0.25,"note":"a3a5c7bf59304b6ccc2f8eb94900ae92fa999dcb5b89ca6be53df30fc73dde6a"}','{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}',NULL,'2026-11-23T03:05:46.037Z','1f60b415cd7bacf31fddeb0ff0f7f0b2ce2d93e44ee893377cacae96739a6e95','2bf96aa712424773dc79386bc801c2ba605a300607a1f6a00b759b4c7c86b085');
INSERT INTO "ledger" VALUES(4,'b6937c9c-1aaa-454b-bbec-b1b647a6abba','743aa13d-b997-47fb-93ea-a9e0090bc929',4,1,1,'move','81d9e096-ee8c-4dec-b654-36661cc038c9',2,'{"annotation_id":"81d9e096-ee8c-4dec-b654-36661cc038c9","annotator_id":1,"class_id":5,"confidence":0.25,"deleted":false,"end_frame":20,"end_time":null,"label_id":1,"mark":"","note_hash":"a3a5c7bf59304b6ccc2f8eb94900ae92fa999dcb5b89ca6be53df30fc73dde6a","start_frame":10,"start_time":null,"video_id":1}','{"annotation_id":"81d9e096-ee8c-4dec-b654-36661cc038c9","annotator_id":1,"class_id":5,"confidence":0.25,"deleted":false,"end_frame":5,"end_time":null,"label_id":1,"mark":"","note_hash":"a3a5c7bf59304b6ccc2f8eb94900ae92fa999dcb5b89ca6be53df30fc73dde6a","start_frame":0,"start_time":null,"video_id":1}','{"end_frame":5,"start_frame":0}','{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}',NULL,'2026-11-23T03:05:46.040Z','2bf96aa712424773dc79386bc801c2ba605a300607a1f6a00b759b4c7c86b085','3f08479d6e22750dc2c7023cf8672b5373d45ac15c07742a8207eab88c09498e');
INSERT INTO "ledger" VALUES(5,'c497a11d-71c8-44ec-b2a8-f522207f8b4a','743aa13d-b997-47fb-93ea-a9e0090bc929',5,1,1,'undo','81d9e096-ee8c-4dec-b654-36661cc038c9',0,'{"annotation_id":"81d9e096-ee8c-4dec-b654-36661cc038c9","annotator_id":1,"class_id":5,"confidence":0.25,"deleted":false,"end_frame":5,"end_time":null,"label_id":1,"mark":"","note_hash":"a3a5c7bf59304b6ccc2f8eb94900ae92fa999dcb5b89ca6be53df30fc73dde6a","start_frame":0,"start_time":null,"video_id":1}','{"annotation_id":"81d9e096-ee8c-4dec-b654-36661cc038c9","annotator_id":1,"class_id":5,"confidence":0.25,"deleted":false,"end_frame":20,"end_time":null,"label_id":1,"mark":"","note_hash":"a3a5c7bf59304b6ccc2f8eb94900ae92fa999dcb5b89ca6be53df30fc73dde6a","start_frame":10,"start_time":null,"video_id":1}','{"target_edit_id":"b6937c9c-1aaa-454b-bbec-b1b647a6abba"}','{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}',NULL,'2026-11-23T03:05:46.043Z','3f08479d6e22750dc2c7023cf8672b5373d45ac15c07742a8207eab88c09498e','25a84823d35b72a7b195f1ed363206c7941c62bc77b027077dd084892b79e500');
INSERT INTO "ledger" VALUES(6,'2fc30542-c230-4e03-bda1-b5db148882ca','743aa13d-b997-47fb-93ea-a9e0090bc929',6,1,1,'delete','a8dc3813-a2f7-43ce-a60b-32c5a58c867f',1,'{"annotation_id":"a8dc3813-a2f7-43ce-a60b-32c5a58c867f","annotator_id":1,"class_id":7,"confidence":null,"deleted":false,"end_frame":40,"end_time":null,"label_id":2,"mark":"","note_hash":null,"start_frame":30,"start_time":null,"video_id":1}','{"annotation_id":"a8dc3813-a2f7-43ce-a60b-32c5a58c867f","annotator_id":1,"class_id":7,"confidence":null,"deleted":true,"end_frame":40,"end_time":null,"label_id":2,"mark":"","note_hash":null,"start_frame":30,"start_time":null,"video_id":1}','{}','{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}',NULL,'2026-11-23T03:05:46.045Z','25a84823d35b72a7b195f1ed363206c7941c62bc77b027077dd084892b79e500','d412fe84a816d37c4125a1f1672b3f19c72837baf349ef560a348a08919bd1bd');
INSERT INTO "ledger" VALUES(7,'7296a5ca-6dee-4e0e-b374-405182190c3d','743aa13d-b997-47fb-93ea-a9e0090bc929',7,1,1,'delete','a8dc3813-a2f7-43ce-a60b-32c5a58c867f',1,NULL,NULL,'{}','{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}','CONFLICT','2026-11-23T03:05:46.048Z','d412fe84a816d37c4125a1f1672b3f19c72837baf349ef560a348a08919bd1bd','a6762818a669eaa730b4c667610fda2611c41a05091f77ee0a1d0cc7420d1019');
INSERT INTO "ledger" VALUES(8,'cea9ce72-8a7c-4558-980d-6e1a580afb1b','743aa13d-b997-47fb-93ea-a9e0090bc929',8,1,1,'rate','rating:1:1',0,NULL,'{"annotator_id":1,"deleted":false,"emotion":"positive","note_hash":"afc0c7bf7542dc6d092c7cf94ef8a800d99977329a4d9111417444c485b0b027","video_id":1}','{"emotion":"positive","note":"afc0c7bf7542dc6d092c7cf94ef8a800d99977329a4d9111417444c485b0b027"}','{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}',NULL,'2026-11-23T03:05:46.051Z','a6762818a669eaa730b4c667610fda2611c41a05091f77ee0a1d0cc7420d1019','bc159a776b87ae6495589416144a600f3d3ece260fb86ff28991e13ae28b3546');
INSERT INTO "ledger" VALUES(9,'5f2040da-3619-4ad4-8aeb-f0ecae57a5f9','277c0814-f801-4e80-963c-1559ff60ded1',1,2,1,'create','ca38ef3d-f64f-41a2-9683-59efe6075540',0,NULL,'{"annotation_id":"ca38ef3d-f64f-41a2-9683-59efe6075540","annotator_id":2,"class_id":31,"confidence":null,"deleted":false,"end_frame":180,"end_time":null,"label_id":1,"mark":"","note_hash":null,"start_frame":100,"start_time":null,"video_id":1}','{"class_id":31,"end_frame":180,"start_frame":100}','{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}',NULL,'2026-11-23T03:05:46.056Z','bc159a776b87ae6495589416144a600f3d3ece260fb86ff28991e13ae28b3546','b7abe69a1aa3bd7e5ba966931e4ac8fc0c75e48d1893d9e075307485a6aec241');
INSERT INTO "ledger" VALUES(10,'1b4598c5-1fe4-4602-9f9b-0beaf8499a97','7c185e90-7174-47c0-abd7-6aac2b3294b2',1,1,2,'import','2b5bc822-0271-44c1-98fb-5d1b2d8d5677',0,NULL,'{"annotation_id":"2b5bc822-0271-44c1-98fb-5d1b2d8d5677","annotator_id":1,"class_id":29,"confidence":null,"deleted":false,"end_frame":301,"end_time":"12.0400","label_id":1,"mark":"","note_hash":null,"start_frame":87,"start_time":"3.5","video_id":2}','{}','{"imported_by":1,"sha256":"309fa7f2f0281cf9b76226baddc4844e703c01ba09fbaee53ed6996b9592aee1","source":"import"}',NULL,'2026-11-23T03:05:46.087Z','b7abe69a1aa3bd7e5ba966931e4ac8fc0c75e48d1893d9e075307485a6aec241','e8224b4f3707930a589b848c1f1a26f571ff12a9fad927ddef835d01a2421d21');
INSERT INTO "ledger" VALUES(11,'4758bcb4-cdef-437c-8c9a-94d34198d4e7','7c185e90-7174-47c0-abd7-6aac2b3294b2',2,1,2,'import','2d757fc0-f710-4843-91c7-41f69b586223',0,NULL,'{"annotation_id":"2d757fc0-f710-4843-91c7-41f69b586223","annotator_id":1,"class_id":99,"confidence":null,"deleted":false,"end_frame":6,"end_time":"0.25","label_id":2,"mark":"","note_hash":null,"start_frame":2,"start_time":"0.1","video_id":2}','{}','{"imported_by":1,"sha256":"309fa7f2f0281cf9b76226baddc4844e703c01ba09fbaee53ed6996b9592aee1","source":"import"}',NULL,'2026-11-23T03:05:46.087Z','e8224b4f3707930a589b848c1f1a26f571ff12a9fad927ddef835d01a2421d21','df7d7b293c42fc96253645e65a69db7d096f55ae62480f74aa58e418f219cc1f');
INSERT INTO "ledger" VALUES(12,'90305c8a-010a-4116-b920-eab6f1d14684','7c185e90-7174-47c0-abd7-6aac2b3294b2',3,1,3,'import','358556cb-d747-4305-858e-5245ea283a85',0,NULL,'{"annotation_id":"358556cb-d747-4305-858e-5245ea283a85","annotator_id":1,"class_id":8,"confidence":null,"deleted":false,"end_frame":125,"end_time":"5.039","label_id":1,"mark":"","note_hash":null,"start_frame":125,"start_time":"5","video_id":3}','{}','{"imported_by":1,"sha256":"309fa7f2f0281cf9b76226baddc4844e703c01ba09fbaee53ed6996b9592aee1","source":"import"}',NULL,'2026-11-23T03:05:46.087Z','df7d7b293c42fc96253645e65a69db7d096f55ae62480f74aa58e418f219cc1f','62caad8f769ef79a125abedb0416ced735a14f234f1ea3665d836bc963bde9f8');
INSERT INTO "ledger" VALUES(13,'d5d2e46e-5ea6-4703-bea5-00b3a9832ee0','7c185e90-7174-47c0-abd7-6aac2b3294b2',4,1,3,'import','c81da27f-6ee0-45ef-9fe6-37f0cde0ff03',0,NULL,'{"annotation_id":"c81da27f-6ee0-45ef-9fe6-37f0cde0ff03","annotator_id":1,"class_id":8,"confidence":null,"deleted":false,"end_frame":150,"end_time":"6","label_id":4,"mark":"","note_hash":null,"start_frame":125,"start_time":"5.00000","video_id":3}','{}','{"imported_by":1,"sha256":"309fa7f2f0281cf9b76226baddc4844e703c01ba09fbaee53ed6996b9592aee1","source":"import"}',NULL,'2026-11-23T03:05:46.087Z','62caad8f769ef79a125abedb0416ced735a14f234f1ea3665d836bc963bde9f8','98ccdcd121214883ff0910f078bf8e93d72371a73e405935eb7744adee15e137');
CREATE TABLE note (
	note_hash VARCHAR(64) NOT NULL, 
	video_id INTEGER NOT NULL, 
	salt VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	CONSTRAINT pk_note PRIMARY KEY (note_hash), 
	CONSTRAINT fk_note_video_id FOREIGN KEY(video_id) REFERENCES video (video_id)
);
INSERT INTO "note" VALUES('a3a5c7bf59304b6ccc2f8eb94900ae92fa999dcb5b89ca6be53df30fc73dde6a',1,'a31993c5e269fefa82d24f5fc626f985','first');
INSERT INTO "note" VALUES('afc0c7bf7542dc6d092c7cf94ef8a800d99977329a4d9111417444c485b0b027',1,'dac8c420afccf8622b0d93b9569a9788','second');
CREATE TABLE project (
	project_id VARCHAR(36) NOT NULL, 
	created_utc VARCHAR NOT NULL, 
	CONSTRAINT pk_project PRIMARY KEY (project_id)
);
INSERT INTO "project" VALUES('882cb87c-b87d-4178-ab1b-5ca6e608b3b4','2026-11-23T03:05:46.011Z');
CREATE TABLE reveal (
	video_id INTEGER NOT NULL, 
	annotator_id INTEGER NOT NULL, 
	utc VARCHAR NOT NULL, 
	CONSTRAINT pk_reveal PRIMARY KEY (video_id, annotator_id), 
	CONSTRAINT fk_reveal_annotator_id FOREIGN KEY(annotator_id) REFERENCES annotator (annotator_id), 
	CONSTRAINT fk_reveal_video_id FOREIGN KEY(video_id) REFERENCES video (video_id)
);
CREATE TABLE setting (
	name VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	CONSTRAINT pk_setting PRIMARY KEY (name)
);
CREATE TABLE video (
	video_id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	number INTEGER, 
	sha256 VARCHAR(64), 
	source_file VARCHAR, 
	n_bytes INTEGER, 
	kind VARCHAR NOT NULL, 
	n_frames INTEGER, 
	fps_num INTEGER, 
	fps_den INTEGER, 
	width INTEGER, 
	height INTEGER, 
	proxy_width INTEGER, 
	proxy_height INTEGER, 
	probe JSON, 
	times BLOB, 
	time_base_num INTEGER, 
	time_base_den INTEGER, 
	shot_cuts JSON, 
	poses JSON, 
	subject_id VARCHAR NOT NULL, 
	subject_gender VARCHAR NOT NULL, 
	subject_nationality VARCHAR NOT NULL, 
	outcome VARCHAR NOT NULL, 
	notes VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	created_utc VARCHAR NOT NULL, 
	hidden_utc VARCHAR, 
	erased_utc VARCHAR, 
	CONSTRAINT pk_video PRIMARY KEY (video_id), 
	CONSTRAINT uq_video_number UNIQUE (number), 
	CONSTRAINT uq_video_sha256 UNIQUE (sha256)
);
INSERT INTO "video" VALUES(1,'interview.mp4',NULL,NULL,NULL,NULL,'video',1000,25,1,NULL,NULL,NULL,NULL,NULL,X'789CEDC5310100000C0220E3D83FA1C7620C1E9253DBB66DDBB66DDBB66DDBB61F3FA5299C19',1,1000,NULL,NULL,'','','','','',8,'2026-11-23T03:05:46.012Z',NULL,NULL);
INSERT INTO "video" VALUES(2,'iMiGUE 0012',12,NULL,NULL,NULL,'labels',NULL,25,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'6','F','Czech ','Win','',0,'2026-11-23T03:05:46.086Z',NULL,NULL);
INSERT INTO "video" VALUES(3,'iMiGUE 0298',298,NULL,NULL,NULL,'labels',NULL,25,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'Ö, ß','M','=1+1 "so"','','',0,'2026-11-23T03:05:46.086Z',NULL,NULL);
CREATE INDEX ix_annotation_annotator_id ON annotation (annotator_id);
CREATE INDEX ix_job_state ON job (state);
CREATE INDEX ix_job_video_id ON job (video_id);
CREATE INDEX ix_ledger_object_id ON ledger (object_id);
CREATE INDEX ix_ledger_video_id_annotator_id ON ledger (video_id, annotator_id) WHERE kind != 'import';
CREATE INDEX ix_note_video_id ON note (video_id);
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
COMMIT;
