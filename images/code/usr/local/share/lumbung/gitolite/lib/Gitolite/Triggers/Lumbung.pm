package Gitolite::Triggers::Lumbung;

use strict;
use warnings;
use Gitolite::Common;

# What gitolite's own short word means, in both languages.
sub explain {
    my ( $section, $repo, $user, $aa, $ref, $result ) = @_;
    return unless $result =~ /DENIED/;
    my ( $id, $en ) =
        $aa =~ /^\+/ ? ( "$ref tidak dapat ditulis ulang atau dihapus", "$ref cannot be rewritten or deleted" )
      : $section eq 'ACCESS_2' ? ( "$ref: hanya cabang dan tag yang dapat dikirim, oleh pengelola", "$ref: only branches and tags can be pushed, by maintainers" )
      : $aa eq 'W' ? ( "peran $user bukan pengelola $repo", "role $user does not maintain $repo" )
      :              ( "peran $user tidak boleh membaca $repo", "role $user may not read $repo" );
    _die "DITOLAK: $id\nREFUSED: $en";
}

# Asked by gitolite when it has granted access, before git runs. Refuses a push here, before anything is sent, where it can
# already be known that it will be refused; the hook pre-receive decides again when everything has come.

sub before {
    my ( $section, $repo, $user, $aa ) = @_;
    return unless $aa eq 'W';
    open my $asked, '-|', '/usr/local/lib/lumbung/code/may-push', $repo, $user or _die "may-push: $!";
    my @said = <$asked>;
    close $asked or _die join( '', @said ) || "may-push: failed without a word";
    my %told = map { chomp; split /=/, $_, 2 } @said;
    $ENV{LUMBUNG_TRUST}      = $told{trust};
    # git itself stops reading what is larger than the room that is left.
    $ENV{GIT_CONFIG_COUNT}   = 1;
    $ENV{GIT_CONFIG_KEY_0}   = 'receive.maxInputSize';
    $ENV{GIT_CONFIG_VALUE_0} = $told{room};
}

1;
