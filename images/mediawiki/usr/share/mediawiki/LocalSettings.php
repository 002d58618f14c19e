<?php
// MediaWiki's configuration: nothing of it is chosen here but what holds for every MediaWiki in this region.
defined('MEDIAWIKI') || exit;
require_once '/usr/local/share/lumbung/lumbung.php';
$lumbung = Lumbung\settings();

$wgSitename = $lumbung['title'];
$wgServer = $wgCanonicalServer = $lumbung['url'];
$wgScriptPath = '';
$wgArticlePath = '/wiki/$1';
$wgUsePathInfo = true;
$wgResourceBasePath = '';
$wgLanguageCode = 'id';
$wgLocaltimezone = $lumbung['timezone'];
$wgForceHTTPS = true;
$wgPasswordSender = $wgEmergencyContact = 'noreply@' . $lumbung['domain'];
$wgEnableEmail = false;

$wgDBtype = 'postgres';
$wgDBserver = $lumbung['database']['socket'] ?? $lumbung['database']['host'];
$wgDBport = $lumbung['database']['port'];
$wgDBname = $lumbung['database']['name'];
$wgDBuser = $lumbung['database']['user'];
$wgDBpassword = Lumbung\databasePassword();
$wgDBmwschema = 'mediawiki';
// MediaWiki itself knows `sslmode=require` at most, which verifies nothing; the library asks its environment.
putenv('PGSSLMODE=verify-full');
putenv('PGSSLROOTCERT=/config/current/tls/ca.crt');
$wgSecretKey = Lumbung\key('wgSecretKey');
$wgUpgradeKey = Lumbung\key('wgUpgradeKey');
$wgAuthenticationTokenVersion = '1';

$wgMainCacheType = CACHE_ACCEL;
// Sessions outlive a switch between the sites, and so are in the database.
$wgSessionCacheType = CACHE_DB;
$wgParserCacheType = CACHE_DB;
$wgMessageCacheType = CACHE_ACCEL;
$wgCacheDirectory = '/tmp/mediawiki';
$wgTmpDirectory = '/tmp';
// The container does the queue's work.
$wgJobRunRate = 0;

$wgEnableUploads = isset($lumbung['uploads']);
$wgUploadDirectory = '/var/lib/uploads/files';
$wgUploadPath = '/images';
$wgFileExtensions = ['png', 'gif', 'jpg', 'jpeg', 'webp', 'pdf', 'odt', 'ods', 'odp', 'docx', 'xlsx', 'pptx', 'csv', 'txt'];
$wgMaxUploadSize = 10 * 1024 * 1024;
$wgStrictFileExtensions = true;
$wgVerifyMimeType = true;
$wgAllowCopyUploads = false;
$wgUseImageMagick = false;
$wgDiff3 = '';
$wgAllowExternalImages = false;
$wgRawHtml = false;
$wgAllowUserJs = false;
$wgAllowUserCss = false;
// No server is asked for anything, neither for pictures nor for pingbacks.
$wgUseInstantCommons = false;

// Everybody reads; those whom an administrator gave an account write.
$wgGroupPermissions['*']['createaccount'] = false;
$wgGroupPermissions['*']['edit'] = false;
$wgPasswordPolicy['policies']['default']['MinimalPasswordLength'] = ['value' => 10, 'suggestChangeOnLogin' => true];
$wgCookieSameSite = 'Lax';

wfLoadSkin('Vector');
wfLoadSkin('MinervaNeue');
$wgDefaultSkin = 'vector-2022';
foreach (['CategoryTree', 'Cite', 'InputBox', 'ParserFunctions', 'WikiEditor'] as $lumbungExtension) {
    wfLoadExtension($lumbungExtension);
}

// The quota of run.uploads.
$wgHooks['UploadVerifyUpload'][] = static function ($upload, $user, $props, $comment, $text, &$error): void {
    $refusal = Lumbung\refusal((int) $upload->getFileSize());
    if ($refusal !== null) {
        $error = new RawMessage($refusal);
    }
};
