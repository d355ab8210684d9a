PRAGMA application_id=1229801301;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
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
	end_time VARCHAR, suggestion_id INTEGER, suggestion_rank INTEGER, 
	CONSTRAINT pk_annotation PRIMARY KEY (annotation_id), 
	CONSTRAINT fk_annotation_annotator_id FOREIGN KEY(annotator_id) REFERENCES annotator (annotator_id), 
	CONSTRAINT fk_annotation_video_id FOREIGN KEY(video_id) REFERENCES video (video_id), 
	CONSTRAINT uq_annotation_video_id_annotator_id_label_id UNIQUE (video_id, annotator_id, label_id)
);
INSERT INTO "annotation" VALUES('0d196c65-1cb9-47de-a4d8-d64166c99988',1,1,1,5,10,20,2,0,0.75,'','19fe124ab8f4cb3bc418e6b4ff62685ab72109f0e0ad0cc2350eef3bbc688f01',NULL,NULL,NULL,NULL);
INSERT INTO "annotation" VALUES('3d8e2dca-f7f5-416e-ad73-75d22d0753c0',1,1,2,5,300,320,1,0,NULL,'',NULL,NULL,NULL,1,1);
INSERT INTO "annotation" VALUES('92f2d476-bd4b-47ce-a96b-88ef032a2123',1,2,1,31,100,180,1,0,NULL,'',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE annotator (
	annotator_id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	name_key VARCHAR NOT NULL, 
	created_utc VARCHAR NOT NULL, 
	created_seq INTEGER NOT NULL, 
	CONSTRAINT pk_annotator PRIMARY KEY (annotator_id), 
	CONSTRAINT uq_annotator_name_key UNIQUE (name_key)
);
INSERT INTO "annotator" VALUES(1,'Ann','ann','2026-11-23T06:19:31.662Z',0);
INSERT INTO "annotator" VALUES(2,'Ben','ben','2026-11-23T06:19:31.664Z',0);
CREATE TABLE audit (
	audit_id INTEGER NOT NULL, 
	utc VARCHAR NOT NULL, 
	annotator_id INTEGER, 
	action VARCHAR NOT NULL, 
	target VARCHAR NOT NULL, 
	detail JSON NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (audit_id)
);
CREATE TABLE decision (
	suggestion_id INTEGER NOT NULL, 
	annotator_id INTEGER NOT NULL, 
	video_id INTEGER NOT NULL, 
	verdict VARCHAR NOT NULL, 
	class_id INTEGER NOT NULL, 
	start_frame INTEGER NOT NULL, 
	end_frame INTEGER NOT NULL, 
	score DOUBLE NOT NULL, 
	model VARCHAR NOT NULL, 
	model_hash VARCHAR(64) NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_decision PRIMARY KEY (suggestion_id, annotator_id), 
	CONSTRAINT fk_decision_annotator_id FOREIGN KEY(annotator_id) REFERENCES annotator (annotator_id), 
	CONSTRAINT fk_decision_video_id FOREIGN KEY(video_id) REFERENCES video (video_id)
);
INSERT INTO "decision" VALUES(2,1,1,'rejected',6,400,420,0.75,'scanner-dense','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1);
INSERT INTO "decision" VALUES(3,1,1,'skipped',8,500,530,0.75,'scanner-dense','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1);
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
INSERT INTO "emotion_rating" VALUES(1,1,'negative',3,0,'d967b05f22a1cbe1fe63b0b956e64472e5b9fa2f57f511b1977cf9f9f3d364cd');
INSERT INTO "emotion_rating" VALUES(1,2,'positive',1,0,NULL);
INSERT INTO "emotion_rating" VALUES(2,2,'unsure',2,1,'0d505db5aa08a0e7cf7c9d0e4cc0742c3e7cc168fc8ca275e1fa64b305e07b86');
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
INSERT INTO "ledger" VALUES(1,'7052df0b-e7d1-48f9-8448-cbad3215e6ee','ea2e8075-f5cf-4085-bf0f-4fbdf45eb161',1,1,1,'create','0d196c65-1cb9-47de-a4d8-d64166c99988',0,NULL,'{"annotation_id":"0d196c65-1cb9-47de-a4d8-d64166c99988","annotator_id":1,"class_id":5,"confidence":null,"deleted":false,"end_frame":20,"end_time":null,"label_id":1,"mark":"","note_hash":null,"start_frame":10,"start_time":null,"video_id":1}','{"class_id":5,"end_frame":20,"start_frame":10}','{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}',NULL,'2026-11-23T06:19:31.681Z','0000000000000000000000000000000000000000000000000000000000000000','0ba8462c6616e599179da94300997470aaa85248dd176b1495572eb2bc27302f');
INSERT INTO "ledger" VALUES(2,'dae160a6-0a72-4623-b0ea-45d34522d6b9','ea2e8075-f5cf-4085-bf0f-4fbdf45eb161',2,1,1,'annotate','0d196c65-1cb9-47de-a4d8-d64166c99988',1,'{"annotation_id":"0d196c65-1cb9-47de-a4d8-d64166c99988","annotator_id":1,"class_id":5,"confidence":null,"deleted":false,"end_frame":20,"end_time":null,"label_id":1,"mark":"","note_hash":null,"start_frame":10,"start_time":null,"video_id":1}','{"annotation_id":"0d196c65-1cb9-47de-a4d8-d64166c99988","annotator_id":1,"class_id":5,"confidence":0.75,"deleted":false,"end_frame":20,"end_time":null,"label_id":1,"mark":"","note_hash":"19fe124ab8f4cb3bc418e6b4ff62685ab72109f0e0ad0cc2350eef3bbc688f01","start_frame":10,"start_time":null,"video_id":1}','{"confidence":0.75,"note":"19fe124ab8f4cb3bc418e6b4ff62685ab72109f0e0ad0cc2350eef3bbc688f01"}','{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}',NULL,'2026-11-23T06:19:31.689Z','0ba8462c6616e599179da94300997470aaa85248dd176b1495572eb2bc27302f','592295de440b7739dc1aea29a45f98204677d8bdc931ac989ba57c765e6b1e74');
INSERT INTO "ledger" VALUES(3,'c4bae5a0-9f9e-4ff4-98b2-372fe3c36e7c','ea2e8075-f5cf-4085-bf0f-4fbdf45eb161',3,1,1,'create','3d8e2dca-f7f5-416e-ad73-75d22d0753c0',0,NULL,'{"annotation_id":"3d8e2dca-f7f5-416e-ad73-75d22d0753c0","annotator_id":1,"class_id":5,"confidence":null,"deleted":false,"end_frame":320,"end_time":null,"label_id":2,"mark":"","note_hash":null,"start_frame":300,"start_time":null,"suggestion_id":1,"suggestion_rank":1,"video_id":1}','{"class_id":5,"end_frame":320,"start_frame":300,"suggestion":{"rank":1,"suggestion_id":1}}','{"active_ms":null,"player_version":null,"suggestion":{"class_id":5,"end_frame":320,"model":"scanner-dense","model_hash":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","score":0.75,"start_frame":300,"suggestion_id":1},"view_mode":null}',NULL,'2026-11-23T06:19:31.695Z','592295de440b7739dc1aea29a45f98204677d8bdc931ac989ba57c765e6b1e74','487fa6721054c95ed8e66db85267c0ef1083d2bce0046818c8abd0152703baf2');
INSERT INTO "ledger" VALUES(4,'df5f1afa-6d33-448a-8aaf-e6d5a27079ad','ea2e8075-f5cf-4085-bf0f-4fbdf45eb161',4,1,1,'review','review:2:1',0,NULL,'{"annotator_id":1,"class_id":6,"end_frame":420,"model":"scanner-dense","model_hash":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","score":0.75,"start_frame":400,"suggestion_id":2,"verdict":"rejected","video_id":1}','{"suggestion_id":2,"verdict":"rejected"}','{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}',NULL,'2026-11-23T06:19:31.700Z','487fa6721054c95ed8e66db85267c0ef1083d2bce0046818c8abd0152703baf2','82618b1e291bb43af33e4df22a97059be91ed089a26e8cd8861bbecc004e7f52');
INSERT INTO "ledger" VALUES(5,'b5c4cdec-f333-43a1-b204-574cdb2e2e08','ea2e8075-f5cf-4085-bf0f-4fbdf45eb161',5,1,1,'review','review:3:1',0,NULL,'{"annotator_id":1,"class_id":8,"end_frame":530,"model":"scanner-dense","model_hash":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","score":0.75,"start_frame":500,"suggestion_id":3,"verdict":"skipped","video_id":1}','{"suggestion_id":3,"verdict":"skipped"}','{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}',NULL,'2026-11-23T06:19:31.704Z','82618b1e291bb43af33e4df22a97059be91ed089a26e8cd8861bbecc004e7f52','4a6580cd997f09ebe5799ceda541eedddc375de1185b1465f3e6c6f6bce7d727');
INSERT INTO "ledger" VALUES(6,'ca8422b5-b26a-4f0e-8386-5cdbca2d0f8d','ea2e8075-f5cf-4085-bf0f-4fbdf45eb161',6,1,1,'rate','rating:1:1',0,NULL,'{"annotator_id":1,"deleted":false,"emotion":"negative","note_hash":"d967b05f22a1cbe1fe63b0b956e64472e5b9fa2f57f511b1977cf9f9f3d364cd","video_id":1}','{"emotion":"negative","note":"d967b05f22a1cbe1fe63b0b956e64472e5b9fa2f57f511b1977cf9f9f3d364cd"}','{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}',NULL,'2026-11-23T06:19:31.709Z','4a6580cd997f09ebe5799ceda541eedddc375de1185b1465f3e6c6f6bce7d727','a722a352d16620678eeea1784fac9b94869f913ece86ce68462e28bf0a7cd2d0');
INSERT INTO "ledger" VALUES(7,'174e0802-7b17-496e-9922-ddebf58043ea','ea2e8075-f5cf-4085-bf0f-4fbdf45eb161',7,1,1,'rate','rating:1:1',1,'{"annotator_id":1,"deleted":false,"emotion":"negative","note_hash":"d967b05f22a1cbe1fe63b0b956e64472e5b9fa2f57f511b1977cf9f9f3d364cd","video_id":1}','{"annotator_id":1,"deleted":false,"emotion":"unsure","note_hash":"d967b05f22a1cbe1fe63b0b956e64472e5b9fa2f57f511b1977cf9f9f3d364cd","video_id":1}','{"emotion":"unsure"}','{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}',NULL,'2026-11-23T06:19:31.713Z','a722a352d16620678eeea1784fac9b94869f913ece86ce68462e28bf0a7cd2d0','ccdebf1aa91cd482f5bd229aeb55c1c0a931fd45c1b1731d822805523de8dc71');
INSERT INTO "ledger" VALUES(8,'88c0ec0a-4bf3-49a3-963e-d81565abeddf','ea2e8075-f5cf-4085-bf0f-4fbdf45eb161',8,1,1,'undo','rating:1:1',0,'{"annotator_id":1,"deleted":false,"emotion":"unsure","note_hash":"d967b05f22a1cbe1fe63b0b956e64472e5b9fa2f57f511b1977cf9f9f3d364cd","video_id":1}','{"annotator_id":1,"deleted":false,"emotion":"negative","note_hash":"d967b05f22a1cbe1fe63b0b956e64472e5b9fa2f57f511b1977cf9f9f3d364cd","video_id":1}','{"target_edit_id":"174e0802-7b17-496e-9922-ddebf58043ea"}','{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}',NULL,'2026-11-23T06:19:31.717Z','ccdebf1aa91cd482f5bd229aeb55c1c0a931fd45c1b1731d822805523de8dc71','0a84ab7f9c802dcbb38a674b8f1757295660ad24b2a707ab89a4fe0b805bb20f');
INSERT INTO "ledger" VALUES(9,'bb3ab259-a2fb-4dbb-bc13-81446ef2fa0f','a253e3f9-220e-4194-b327-dae223dad774',1,2,1,'create','92f2d476-bd4b-47ce-a96b-88ef032a2123',0,NULL,'{"annotation_id":"92f2d476-bd4b-47ce-a96b-88ef032a2123","annotator_id":2,"class_id":31,"confidence":null,"deleted":false,"end_frame":180,"end_time":null,"label_id":1,"mark":"","note_hash":null,"start_frame":100,"start_time":null,"video_id":1}','{"class_id":31,"end_frame":180,"start_frame":100}','{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}',NULL,'2026-11-23T06:19:31.721Z','0a84ab7f9c802dcbb38a674b8f1757295660ad24b2a707ab89a4fe0b805bb20f','7cadcd18e6d5fca9d93ed27cb8057b6bf60e3a4fcfc05cdbf6bf3d419ea46452');
INSERT INTO "ledger" VALUES(10,'a3923878-759b-4519-b94e-623d2c29021a','a253e3f9-220e-4194-b327-dae223dad774',2,2,1,'rate','rating:1:2',0,NULL,'{"annotator_id":2,"deleted":false,"emotion":"positive","note_hash":null,"video_id":1}','{"emotion":"positive"}','{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}',NULL,'2026-11-23T06:19:31.725Z','7cadcd18e6d5fca9d93ed27cb8057b6bf60e3a4fcfc05cdbf6bf3d419ea46452','69836d4ea027852888db2d7cb2060f63a5cd35161c9c4146d3b95e9f99ed2384');
INSERT INTO "ledger" VALUES(11,'4a7fdbb8-9ca7-49bd-a724-5e8887e505df','7a3cbacc-7adc-4740-98f0-ce2f6163e282',1,2,2,'rate','rating:2:2',0,NULL,'{"annotator_id":2,"deleted":false,"emotion":"unsure","note_hash":"0d505db5aa08a0e7cf7c9d0e4cc0742c3e7cc168fc8ca275e1fa64b305e07b86","video_id":2}','{"emotion":"unsure","note":"0d505db5aa08a0e7cf7c9d0e4cc0742c3e7cc168fc8ca275e1fa64b305e07b86"}','{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}',NULL,'2026-11-23T06:19:31.728Z','69836d4ea027852888db2d7cb2060f63a5cd35161c9c4146d3b95e9f99ed2384','403414bfd9b5480f2087b201b9705ad43db2d446ac7e3723abfbb0ec54d521a5');
INSERT INTO "ledger" VALUES(12,'b3758703-1023-4295-81cb-1b33c6d3665a','7a3cbacc-7adc-4740-98f0-ce2f6163e282',2,2,2,'undo','rating:2:2',0,'{"annotator_id":2,"deleted":false,"emotion":"unsure","note_hash":"0d505db5aa08a0e7cf7c9d0e4cc0742c3e7cc168fc8ca275e1fa64b305e07b86","video_id":2}','{"annotator_id":2,"deleted":true,"emotion":"unsure","note_hash":"0d505db5aa08a0e7cf7c9d0e4cc0742c3e7cc168fc8ca275e1fa64b305e07b86","video_id":2}','{"target_edit_id":"4a7fdbb8-9ca7-49bd-a724-5e8887e505df"}','{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}',NULL,'2026-11-23T06:19:31.732Z','403414bfd9b5480f2087b201b9705ad43db2d446ac7e3723abfbb0ec54d521a5','45dadc5be328cc9ac99e0f9e9bc149206b5fab4831ec6d8afd1720b5a7f0b435');
INSERT INTO "ledger" VALUES(13,'c3e8dbfd-819a-49e0-a726-21408c407928','7a3cbacc-7adc-4740-98f0-ce2f6163e282',3,2,2,'rate','rating:2:2',0,NULL,NULL,'{"emotion":"positive"}','{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}','CONFLICT','2026-11-23T06:19:31.734Z','45dadc5be328cc9ac99e0f9e9bc149206b5fab4831ec6d8afd1720b5a7f0b435','6656e6dfd132ec2bb69a1c3cc668f6c549a91db2c79c282d57d8101fef06348c');
CREATE TABLE note (
	note_hash VARCHAR(64) NOT NULL, 
	video_id INTEGER NOT NULL, 
	salt VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	CONSTRAINT pk_note PRIMARY KEY (note_hash), 
	CONSTRAINT fk_note_video_id FOREIGN KEY(video_id) REFERENCES video (video_id)
);
INSERT INTO "note" VALUES('19fe124ab8f4cb3bc418e6b4ff62685ab72109f0e0ad0cc2350eef3bbc688f01',1,'d04360fb744ef50229e7d356a549960c','cheek, not chin');
INSERT INTO "note" VALUES('d967b05f22a1cbe1fe63b0b956e64472e5b9fa2f57f511b1977cf9f9f3d364cd',1,'6e23b8f504c58b963b5b1033ae91f4d5','tired after the match');
INSERT INTO "note" VALUES('0d505db5aa08a0e7cf7c9d0e4cc0742c3e7cc168fc8ca275e1fa64b305e07b86',2,'fc08c56bf97f067a1ffdf8c28484d1f6','calm');
CREATE TABLE preference (
	annotator_id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	CONSTRAINT pk_preference PRIMARY KEY (annotator_id, name), 
	CONSTRAINT fk_preference_annotator_id FOREIGN KEY(annotator_id) REFERENCES annotator (annotator_id)
);
INSERT INTO "preference" VALUES(1,'player','{"rate":2}');
CREATE TABLE project (
	project_id VARCHAR(36) NOT NULL, 
	created_utc VARCHAR NOT NULL, 
	CONSTRAINT pk_project PRIMARY KEY (project_id)
);
INSERT INTO "project" VALUES('5aafc77e-ec4f-44d0-a214-9d5a7f4569a2','2026-11-23T06:19:31.649Z');
CREATE TABLE reveal (
	video_id INTEGER NOT NULL, 
	annotator_id INTEGER NOT NULL, 
	utc VARCHAR NOT NULL, 
	CONSTRAINT pk_reveal PRIMARY KEY (video_id, annotator_id), 
	CONSTRAINT fk_reveal_annotator_id FOREIGN KEY(annotator_id) REFERENCES annotator (annotator_id), 
	CONSTRAINT fk_reveal_video_id FOREIGN KEY(video_id) REFERENCES video (video_id)
);
CREATE TABLE scan (
	scan_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	video_id INTEGER NOT NULL, 
	model VARCHAR NOT NULL, 
	model_hash VARCHAR(64) NOT NULL, 
	trained_on VARCHAR NOT NULL, 
	device VARCHAR NOT NULL, 
	poses_revision INTEGER NOT NULL, 
	n_suggestions INTEGER NOT NULL, 
	cpu_s DOUBLE NOT NULL, 
	utc VARCHAR NOT NULL, 
	CONSTRAINT fk_scan_video_id FOREIGN KEY(video_id) REFERENCES video (video_id)
);
INSERT INTO "scan" VALUES(1,1,'scanner-dense','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','synthetic','cpu',1,4,0.5,'2026-11-23T06:19:31.669Z');
CREATE TABLE setting (
	name VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	CONSTRAINT pk_setting PRIMARY KEY (name)
);
CREATE TABLE suggestion (
	suggestion_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	scan_id INTEGER NOT NULL, 
	video_id INTEGER NOT NULL, 
	class_id INTEGER NOT NULL, 
	start_frame INTEGER NOT NULL, 
	end_frame INTEGER NOT NULL, 
	score DOUBLE NOT NULL, 
	top JSON NOT NULL, 
	start_sd DOUBLE NOT NULL, 
	end_sd DOUBLE NOT NULL, 
	CONSTRAINT fk_suggestion_scan_id FOREIGN KEY(scan_id) REFERENCES scan (scan_id), 
	CONSTRAINT fk_suggestion_video_id FOREIGN KEY(video_id) REFERENCES video (video_id)
);
INSERT INTO "suggestion" VALUES(1,1,1,5,300,320,0.75,'[[5, 0.75], [1, 0.07500000000000001], [2, 0.07500000000000001], [3, 0.07500000000000001], [4, 0.07500000000000001]]',1.5,2.0);
INSERT INTO "suggestion" VALUES(2,1,1,6,400,420,0.75,'[[6, 0.75], [1, 0.07500000000000001], [2, 0.07500000000000001], [3, 0.07500000000000001], [4, 0.07500000000000001]]',1.5,2.0);
INSERT INTO "suggestion" VALUES(3,1,1,8,500,530,0.75,'[[8, 0.75], [1, 0.07500000000000001], [2, 0.07500000000000001], [3, 0.07500000000000001], [4, 0.07500000000000001]]',1.5,2.0);
INSERT INTO "suggestion" VALUES(4,1,1,9,600,640,0.75,'[[9, 0.75], [1, 0.07500000000000001], [2, 0.07500000000000001], [3, 0.07500000000000001], [4, 0.07500000000000001]]',1.5,2.0);
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
INSERT INTO "video" VALUES(1,'interview.mp4',7,NULL,NULL,NULL,'video',1000,25,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','','','','',11,'2026-11-23T06:19:31.665Z',NULL,NULL);
INSERT INTO "video" VALUES(2,'second.mp4',8,NULL,NULL,NULL,'video',1000,25,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','','','','',3,'2026-11-23T06:19:31.666Z',NULL,NULL);
CREATE TABLE video_progress (
	video_id INTEGER NOT NULL, 
	annotator_id INTEGER NOT NULL, 
	state VARCHAR NOT NULL, 
	utc VARCHAR NOT NULL, 
	done_utc VARCHAR, 
	seen_utc VARCHAR, 
	CONSTRAINT pk_video_progress PRIMARY KEY (video_id, annotator_id), 
	CONSTRAINT fk_video_progress_annotator_id FOREIGN KEY(annotator_id) REFERENCES annotator (annotator_id), 
	CONSTRAINT fk_video_progress_video_id FOREIGN KEY(video_id) REFERENCES video (video_id)
);
INSERT INTO "video_progress" VALUES(1,1,'in_progress','2026-11-23T06:19:31.736Z',NULL,NULL);
INSERT INTO "video_progress" VALUES(1,2,'in_progress','2026-11-23T06:19:31.721Z',NULL,NULL);
INSERT INTO "video_progress" VALUES(2,2,'done','2026-11-23T06:19:31.737Z','2026-11-23T06:19:31.737Z',NULL);
CREATE TABLE watched (
	video_id INTEGER NOT NULL, 
	annotator_id INTEGER NOT NULL, 
	start_frame INTEGER NOT NULL, 
	end_frame INTEGER NOT NULL, 
	reviewed BOOLEAN NOT NULL, 
	CONSTRAINT pk_watched PRIMARY KEY (video_id, annotator_id, start_frame), 
	CONSTRAINT fk_watched_annotator_id FOREIGN KEY(annotator_id) REFERENCES annotator (annotator_id), 
	CONSTRAINT fk_watched_video_id FOREIGN KEY(video_id) REFERENCES video (video_id)
);
INSERT INTO "watched" VALUES(1,1,0,99,1);
INSERT INTO "watched" VALUES(1,1,100,149,0);
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
CREATE INDEX ix_annotation_suggestion_id ON annotation (suggestion_id) WHERE suggestion_id IS NOT NULL;
CREATE INDEX ix_scan_video_id ON scan (video_id);
CREATE INDEX ix_suggestion_scan_id ON suggestion (scan_id);
CREATE INDEX ix_suggestion_video_id ON suggestion (video_id);
CREATE INDEX ix_decision_video_id_annotator_id ON decision (video_id, annotator_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('scan',1);
INSERT INTO "sqlite_sequence" VALUES('suggestion',4);
COMMIT;
